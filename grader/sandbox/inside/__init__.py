"""The untrusted end. Imports the standard library, numpy and the wire format, nothing more."""
