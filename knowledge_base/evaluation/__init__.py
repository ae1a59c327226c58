"""The retrieval benchmark: BEIR folders in, measures per set and retriever out.

Imported by name and late (`from knowledge_base.evaluation.run import measure`): nothing that serves
an answer needs it.
"""
