"""Runs student code apart from everything that decides a mark.

A call travels from a check to the student's function and back::

    student.double(x)               a check, in the trusted process
      session                       keeps the time budget, replaces a worker that has ended
        wire.encode                 the call as bytes
          channel                   sends them with a fresh token, waits until a deadline
    ------------------------------- a socket or a pipe -------------------------------------
            inside.worker           decodes the call in the student's process
              inside.program        calls the student's function
            inside.worker           encodes its value, or describes its exception
    ----------------------------------------------------------------------------------------
          channel                   takes only a frame with that token
        replies                     decodes the bytes and checks each part
      session                       returns the value, or raises one of ``faults``

A worker comes from ``forked`` (levels `full` and `filtered`) or ``spawned`` (level `process`);
``client`` puts both behind one class, `Sandbox`. All that runs beside student code lies in
``inside``.

This module imports nothing, because the untrusted end imports it.
"""
