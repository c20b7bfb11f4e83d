# Wants: what it prints to be taken for the reply, on its output and on the channel.
# Verdict: run=crashed files=crashed output=crashed folder=failed data=passed
import os
import struct

FRAME = struct.pack("!I", 16) + bytes(16)

def read():
    return open("factor.txt").read()

def double(x):
    for descriptor in (1, 2, 3):
        os.write(descriptor, FRAME)

if __name__ == "__main__":
    double(2)
