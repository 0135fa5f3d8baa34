package io.longspan.model.checkpoint.pickle;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs a pickle. Values are {@link PickleNone}, {@link Boolean}, {@link Long}, {@link Double},
 * {@link String}, {@link PickleTuple}, {@link PickleList}, {@link PickleDict} and what the {@link
 * PickleWorld} gives. Instructions that files of tensors do not use are refused by name.
 *
 * <p>Time and memory are bounded by {@link #MOST_BYTES} and {@link #MOST_STEPS}: each step makes at
 * most one small object. Nothing is ever walked to its bottom, so nesting, however deep, costs no
 * stack, and a value that is used many times is stored once.
 */
public final class Unpickler {
    /** The longest pickle that is run, in bytes; a model of 2,000 tensors takes about 200,000. */
    public static final int MOST_BYTES = 16 << 20;

    /** Instructions that are run; a model of 2,000 tensors takes about 100,000. */
    public static final int MOST_STEPS = 1_000_000;

    private static final int NEWEST_PROTOCOL = 5;

    private final PickleInput input;
    private final PickleWorld world;
    private final PickleStack stack = new PickleStack();
    private final Map<Long, Object> memo = new HashMap<>();

    private Unpickler(byte[] pickle, PickleWorld world) {
        input = new PickleInput(pickle);
        this.world = world;
    }

    /**
     * Runs a pickle to its end.
     *
     * @return the one value that it makes
     * @throws ModelInputException when it is damaged, too long, or asks for something that it must
     *     not have
     */
    public static Object load(byte[] pickle, PickleWorld world) {
        if (pickle.length > MOST_BYTES) {
            throw new ModelInputException(
                    "the file's list of tensors has "
                            + pickle.length
                            + " bytes; at most "
                            + MOST_BYTES
                            + " are read, so save the weights alone");
        }
        return new Unpickler(pickle, world).run();
    }

    private Object run() {
        for (int step = 0; step < MOST_STEPS; step++) {
            int at = input.position();
            int opcode = input.unsignedByte();
            if (opcode == '.') {
                Object result = stack.pop();
                if (!stack.isEmpty()) {
                    throw new ModelInputException(
                            "the file's list of tensors leaves values behind; it is damaged, so get"
                                    + " it again");
                }
                return result;
            }
            if (!plainValue(opcode) && !container(opcode) && !memo(opcode) && !reference(opcode)) {
                throw refusal(opcode, at);
            }
        }
        throw new ModelInputException(
                "the file's list of tensors takes more than "
                        + MOST_STEPS
                        + " steps; save the weights alone");
    }

    private boolean plainValue(int opcode) {
        switch (opcode) {
            case 'N' -> stack.push(PickleNone.NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'J' -> stack.push((long) input.signedInt());
            case 'K' -> stack.push((long) input.unsignedByte());
            case 'M' -> stack.push((long) input.unsignedShort());
            case 0x8a -> stack.push(input.shortLong());
            case 'G' -> stack.push(input.bigEndianDouble());
            case 'X' -> stack.push(input.text(input.unsignedInt()));
            case 0x8c -> stack.push(input.text(input.unsignedByte()));
            case 0x8d -> stack.push(input.text(input.signedLong()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case '(' -> stack.mark();
            case ')' -> stack.push(new PickleTuple(List.of()));
            case 0x85 -> stack.push(new PickleTuple(stack.pop(1)));
            case 0x86 -> stack.push(new PickleTuple(stack.pop(2)));
            case 0x87 -> stack.push(new PickleTuple(stack.pop(3)));
            case 't' -> stack.push(new PickleTuple(stack.popToMark()));
            case ']' -> stack.push(new PickleList());
            case '}' -> stack.push(PickleDict.plain());
            case 'a' -> append(stack.pop(1));
            case 'e' -> append(stack.popToMark());
            case 's' -> putAll(stack.pop(2));
            case 'u' -> putAll(stack.popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memo(int opcode) {
        switch (opcode) {
            case 'q' -> memo.put((long) input.unsignedByte(), stack.peek());
            case 'r' -> memo.put(input.unsignedInt(), stack.peek());
            case 0x94 -> memo.put((long) memo.size(), stack.peek());
            case 'h' -> stack.push(remembered(input.unsignedByte()));
            case 'j' -> stack.push(remembered(input.unsignedInt()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean reference(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(input.unsignedByte());
            case 0x95 -> input.signedLong(); // a frame only announces how many bytes follow
            case 'c' -> stack.push(world.global(input.line(), input.line()));
            case 0x93 -> {
                List<Object> names = stack.pop(2);
                stack.push(world.global(text(names.get(0)), text(names.get(1))));
            }
            // A class that is to be called is refused by its own name rather than the opcode's.
            case 'i' -> {
                Object known = world.global(input.line(), input.line());
                throw new ModelInputException(
                        "the file makes a "
                                + Quoted.of(String.valueOf(known))
                                + " in a way that no file of tensors does (INST); do not trust it");
            }
            case 'Q' -> stack.push(world.persistent(stack.pop()));
            case 'R' -> {
                List<Object> call = stack.pop(2);
                stack.push(world.call(call.get(0), tuple(call.get(1)).items()));
            }
            case 'b' -> build();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Only an OrderedDict has attributes (torch keeps version numbers there); they are dropped. */
    private void build() {
        Object state = stack.pop();
        Object target = stack.peek();
        if (!(target instanceof PickleDict dict && dict.isOrdered())
                || !(state instanceof PickleDict)) {
            throw new ModelInputException(
                    "the file sets the state of something that is no dictionary (BUILD); only"
                            + " tensors are read, so do not trust it");
        }
    }

    private static void protocol(int version) {
        if (version > NEWEST_PROTOCOL) {
            throw new ModelInputException(
                    "the file's list of tensors is of pickle protocol "
                            + version
                            + "; at most "
                            + NEWEST_PROTOCOL
                            + " is known, so get the file again");
        }
    }

    private void append(List<Object> items) {
        if (!(stack.peek() instanceof PickleList list)) {
            throw wrongKind("a list");
        }
        items.forEach(list::add);
    }

    private void putAll(List<Object> items) {
        if (!(stack.peek() instanceof PickleDict dict) || items.size() % 2 != 0) {
            throw wrongKind("a dictionary");
        }
        for (int i = 0; i < items.size(); i += 2) {
            dict.put(items.get(i), items.get(i + 1));
        }
    }

    private Object remembered(long key) {
        Object value = memo.get(key);
        if (value == null) {
            throw wrongKind("a value that was named before");
        }
        return value;
    }

    private static PickleTuple tuple(Object value) {
        if (value instanceof PickleTuple tuple) {
            return tuple;
        }
        throw wrongKind("a tuple of arguments");
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw wrongKind("a name");
    }

    private static ModelInputException wrongKind(String expected) {
        return new ModelInputException(
                "the file's list of tensors has something else where "
                        + expected
                        + " belongs; it is damaged, so get it again");
    }

    private static ModelInputException refusal(int opcode, int at) {
        String name =
                switch (opcode) {
                    case 'o' -> "OBJ";
                    case 0x81 -> "NEWOBJ";
                    case 0x92 -> "NEWOBJ_EX";
                    case 0x82 -> "EXT1";
                    case 0x83 -> "EXT2";
                    case 0x84 -> "EXT4";
                    case 'P' -> "PERSID";
                    default -> String.format(Locale.ROOT, "0x%02x", opcode);
                };
        return new ModelInputException(
                "the file's list of tensors holds the instruction "
                        + name
                        + " at byte "
                        + at
                        + ", which no file of tensors needs; it is damaged or not to be trusted, so"
                        + " get the weights as safetensors");
    }
}
