# Wants: files of the check's folder under names that lead out of it, and the check's own machine.
# Verdict: run=failed files=failed output=passed folder=failed data=passed
import io
import os

def read():
    return open("factor.txt").read()

def double(x):
    print(2 * x)

def copy(source, target):
    memory = io.open.__self__
    memory._files = {
        "/etc/cron.d/out": memory._files[str(source)],
        str(source) + "/../../../out.txt": memory._files[str(source)],
        os.path.dirname(str(source)) + "/../../above.txt": memory._files[str(source)],
    }
    memory._given = dict.fromkeys(["/etc/passwd", "../../.."], b"")
    memory._folders = {"/root", "\0"}
