package io.longspan.model.checkpoint;

/**
 * Values of a PyTorch file that one or more tensors look into.
 *
 * @param dtype type of a value
 * @param key name of the file inside the archive
 * @param values how many it holds
 */
record TorchStorage(DType dtype, String key, long values) {}
