"""The untrusted end: it imports the standard library, numpy and the wire format, nothing more."""
