"""HJ 212: frames of loggers (数采仪) at stations and outfalls, without sockets; `collector.codecs.hj212` decodes."""
