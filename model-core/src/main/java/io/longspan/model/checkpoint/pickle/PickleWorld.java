package io.longspan.model.checkpoint.pickle;

import java.util.List;

/**
 * All that a pickle can reach beside plain values. Every method refuses with a {@link
 * io.longspan.model.ModelInputException} what it does not know.
 */
public interface PickleWorld {
    /** What {@code module.name} stands for. */
    Object global(String module, String name);

    /** The result of a call of something that {@link #global} gave; nothing else is passed on. */
    Object call(Object callable, List<Object> arguments);

    /** The object that lies outside of the pickle under an id. */
    Object persistent(Object id);
}
