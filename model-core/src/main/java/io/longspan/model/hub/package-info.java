/**
 * Getting published checkpoints: {@link io.longspan.model.hub.HubDownload} asks an endpoint in the
 * style of Hugging Face's what files a model has, takes those that this program reads, checks their
 * digests, and gives the folder its name when it is complete.
 *
 * <p>What a server says is not trusted: names are held against a list, lengths against the listing,
 * contents against digests, and a login goes to nobody but the endpoint. A broken transfer goes on
 * where it ended, in the same run and in the next.
 */
@NullMarked
package io.longspan.model.hub;

import org.jspecify.annotations.NullMarked;
