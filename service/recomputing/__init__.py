"""Computing years of many stations anew: hours judged, days, indices, ranks, as files that people and programs open."""
