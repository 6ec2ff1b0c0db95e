"""From the wire to the store: MQTT client, topics, codecs, quality control on entry."""
