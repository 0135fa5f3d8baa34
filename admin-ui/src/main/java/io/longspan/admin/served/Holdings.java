package io.longspan.admin.served;

import io.grpc.StatusRuntimeException;
import io.longspan.admin.page.Refused;
import io.longspan.admin.servers.Servers;
import io.longspan.api.LongspanClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Asks every living server what it holds. */
@Component
final class Holdings {
    /** A server that answers at all answers this at once. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Servers servers;

    Holdings(Servers servers) {
        this.servers = servers;
    }

    List<Holding> all() {
        return servers.addresses().stream().map(this::of).toList();
    }

    private Holding of(String server) {
        try (LongspanClient client = servers.connect(server).withDeadline(PATIENCE)) {
            return new Holding(
                    server,
                    client.models().stream().map(Holding.Version::of).toList(),
                    client.aliases().stream().map(Holding.Alias::of).toList(),
                    Optional.empty());
        } catch (StatusRuntimeException e) {
            return silent(server, sentence(e));
        } catch (Refused e) {
            return silent(server, String.valueOf(e.getMessage()));
        }
    }

    private static Holding silent(String server, String why) {
        return new Holding(server, List.of(), List.of(), Optional.of(why));
    }

    /** What a server said when it refused. */
    static String sentence(StatusRuntimeException refused) {
        String said = refused.getStatus().getDescription();
        return refused.getStatus().getCode() + (said == null ? "" : ": " + said);
    }
}
