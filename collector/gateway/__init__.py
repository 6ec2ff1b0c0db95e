"""The gateway: loggers (数采仪) that speak HJ 212 over TCP, taken into the same journal as MQTT.

`session` is the talk with one logger, without a socket; `asking` asks for hours that are missing; `repeats` knows what
was sent before; `server` holds the connections, appends to the journal, and only then answers.
"""
