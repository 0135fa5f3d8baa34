package io.longspan.admin.page;

import io.longspan.store.Store;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.ObjectMapper;

/** Deeds and their lines in the audit: of one in the database both are stored, or neither. */
@Component
public final class Deeds {
    private final Store store;
    private final ObjectMapper mapper;
    private final TransactionTemplate together;

    Deeds(Store store, ObjectMapper mapper) {
        this.store = store;
        this.mapper = mapper;
        together = new TransactionTemplate(new JdbcTransactionManager(store.dataSource()));
    }

    /**
     * Does it; what changed nothing leaves no line.
     *
     * @param deed says whether it changed something
     */
    public boolean change(
            Authentication user,
            String action,
            String subject,
            Map<String, ?> detail,
            BooleanSupplier deed) {
        return Boolean.TRUE.equals(
                together.execute(status -> {
                    boolean done = deed.getAsBoolean();
                    if (done) {
                        note(user, action, subject, detail);
                    }
                    return done;
                }));
    }

    /**
     * Does something that always changes something.
     *
     * @param deed gives what is made, and which the audit calls {@code subject} with its text
     */
    public <T> T make(
            Authentication user,
            String action,
            String subject,
            Map<String, ?> detail,
            Supplier<T> deed) {
        return Optional.ofNullable(
                        together.execute(status -> {
                            T made = deed.get();
                            note(user, action, (subject + " " + made).strip(), detail);
                            return made;
                        }))
                .orElseThrow();
    }

    /**
     * Does something outside the database. What is about to happen is written down first; when it
     * fails, that is as well.
     *
     * @throws RuntimeException that the deed threw
     */
    public void elsewhere(
            Authentication user,
            String action,
            String subject,
            Map<String, ?> detail,
            Runnable deed) {
        note(user, action, subject, detail);
        try {
            deed.run();
        } catch (RuntimeException e) {
            note(user, action + ".failed", subject, Map.of("why", String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private void note(Authentication user, String action, String subject, Map<String, ?> detail) {
        store.audit()
                .add(
                        user.getName(),
                        action,
                        subject,
                        detail.isEmpty()
                                ? Optional.empty()
                                : Optional.of(mapper.writeValueAsString(detail)));
    }
}
