/**
 * What a model is: {@link io.longspan.model.config.LongformerConfig}, read from and written to
 * Hugging Face's {@code config.json} by {@link io.longspan.model.config.LongformerConfigJson}.
 *
 * <p>Windows are always total widths, even, as Hugging Face counts them; files of the original
 * repository count one side and are doubled on reading. A model that uses what Hugging Face's
 * Longformer lacks says {@code model_type: longspan}, so that other software refuses it instead of
 * computing something else.
 */
@NullMarked
package io.longspan.model.config;

import org.jspecify.annotations.NullMarked;
