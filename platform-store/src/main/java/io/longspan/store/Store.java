package io.longspan.store;

import com.zaxxer.hikari.HikariDataSource;
import io.longspan.store.audit.Audit;
import io.longspan.store.audit.AuditSearch;
import io.longspan.store.dataset.DataSets;
import io.longspan.store.embedded.EmbeddedServer;
import io.longspan.store.inference.InferencePayloads;
import io.longspan.store.inference.InferenceSearch;
import io.longspan.store.inference.Inferences;
import io.longspan.store.key.ApiKeys;
import io.longspan.store.model.Models;
import io.longspan.store.node.Nodes;
import io.longspan.store.run.RunSearch;
import io.longspan.store.run.Runs;
import io.longspan.store.schedule.Schedules;
import io.longspan.store.user.ConsoleUsers;
import io.longspan.store.user.UserAdmin;
import io.longspan.store.work.JobExecutions;
import io.longspan.store.work.WorkQueue;
import io.longspan.store.work.WorkSearch;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An open database with its schema up to date, and the repositories over it. Thread-safe; whoever
 * opened it closes it, last of all.
 */
public final class Store implements AutoCloseable {
    private final @Nullable EmbeddedServer server;
    private final HikariDataSource dataSource;
    private final JdbcTemplate operations;
    private final JdbcClient jdbc;
    private final AtomicReference<@Nullable Thread> atExit = new AtomicReference<>();

    private Store(@Nullable EmbeddedServer server, HikariDataSource dataSource) {
        this.server = server;
        this.dataSource = dataSource;
        operations = new JdbcTemplate(dataSource);
        jdbc = JdbcClient.create(operations);
    }

    /**
     * Opens a database, starting the embedded server if it is asked for and not running, and
     * applies the migrations that are missing.
     *
     * @throws StoreUnavailableException saying why the database cannot be used
     */
    public static Store open(StoreSettings settings) {
        return switch (settings) {
            case StoreSettings.External external -> open(DatabaseUrl.normal(external), null);
            case StoreSettings.Embedded embedded -> {
                EmbeddedServer server = EmbeddedServer.open(embedded.folder());
                try {
                    yield open(server.address(), server);
                } catch (RuntimeException e) {
                    server.close();
                    throw e;
                }
            }
        };
    }

    private static Store open(StoreSettings.External address, @Nullable EmbeddedServer server) {
        new Schema(Connections.single(address)).bringUpToDate();
        return new Store(server, Connections.pool(address));
    }

    /** Connections, for Spring Batch; they end with the store. */
    public DataSource dataSource() {
        return dataSource;
    }

    /** Where the database is, for a second connection to it. */
    public StoreSettings.External address() {
        return new StoreSettings.External(
                dataSource.getJdbcUrl(),
                String.valueOf(dataSource.getUsername()),
                String.valueOf(dataSource.getPassword()));
    }

    /** Data sets. */
    public DataSets dataSets() {
        return new DataSets(jdbc);
    }

    /** The work queue. */
    public WorkQueue work() {
        return new WorkQueue(jdbc);
    }

    /** Training runs. */
    public Runs runs() {
        return new Runs(jdbc);
    }

    /** Registered models. */
    public Models models() {
        return new Models(jdbc);
    }

    /** The log of inferences. */
    public Inferences inferences() {
        return new Inferences(jdbc, operations);
    }

    /** What callers sent and were answered, where servers keep it. */
    public InferencePayloads payloads() {
        return new InferencePayloads(
                jdbc, new TransactionTemplate(new JdbcTransactionManager(dataSource)));
    }

    /** Processes of the platform. */
    public Nodes nodes() {
        return new Nodes(jdbc);
    }

    /** People who may log in to the console. */
    public ConsoleUsers users() {
        return new ConsoleUsers(jdbc);
    }

    /** Ingests that come back. */
    public Schedules schedules() {
        return new Schedules(jdbc, new TransactionTemplate(new JdbcTransactionManager(dataSource)));
    }

    /** Looking through requests for work. */
    public WorkSearch workSearch() {
        return new WorkSearch(jdbc);
    }

    /** Executions of batch jobs. */
    public JobExecutions executions() {
        return new JobExecutions(jdbc);
    }

    /** Looking through training runs. */
    public RunSearch runSearch() {
        return new RunSearch(jdbc);
    }

    /** Looking through the log of inferences. */
    public InferenceSearch inferenceSearch() {
        return new InferenceSearch(jdbc);
    }

    /** Looking through who did what. */
    public AuditSearch auditSearch() {
        return new AuditSearch(jdbc);
    }

    /** Keys with which programs call. */
    public ApiKeys apiKeys() {
        return new ApiKeys(jdbc);
    }

    /** What administrators do with people who may log in. */
    public UserAdmin userAdmin() {
        return new UserAdmin(jdbc);
    }

    /** Whether anything changed. */
    public Pulse pulse() {
        return new Pulse(jdbc);
    }

    /** Who did what. */
    public Audit audit() {
        return new Audit(jdbc);
    }

    /**
     * Also closes this store when the process is told to end, by Ctrl-C for one. For short commands
     * that have nothing else to do then: a program that ends its parts in order closes the store
     * itself, last, and must not ask for this.
     *
     * @return this store
     */
    public Store closeOnExit() {
        Thread closing = new Thread(this::closeNow, "close-store");
        if (atExit.compareAndSet(null, closing)) {
            Runtime.getRuntime().addShutdownHook(closing);
        }
        return this;
    }

    @Override
    public void close() {
        closeNow();
        // Not before: a signal in the middle of closing has to wait for the end of it.
        Thread closing = atExit.getAndSet(null);
        if (closing != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(closing);
            } catch (IllegalStateException _) {
                // The process is ending, and the hook closes as well: harmless.
            }
        }
    }

    private void closeNow() {
        dataSource.close();
        if (server != null) {
            server.close();
        }
    }
}
