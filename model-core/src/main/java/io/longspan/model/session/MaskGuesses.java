package io.longspan.model.session;

import java.util.List;

/**
 * The guesses for one mask.
 *
 * @param position index of the mask's token in its sequence, {@code <s>} being 0
 * @param guesses best first; equally good ones by id
 */
public record MaskGuesses(int position, List<TokenGuess> guesses) {
    /** Copies the list. */
    public MaskGuesses {
        guesses = List.copyOf(guesses);
    }
}
