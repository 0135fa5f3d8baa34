package io.longspan.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes what JDBC has no short word for. For this module's repositories. */
public final class Rows {
    private Rows() {}

    /** A time that the schema says is never null. */
    public static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** A time that may be missing. */
    public static Optional<Instant> optionalTime(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    /** A text that may be missing; JSON comes as text too. */
    public static Optional<String> optionalText(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    /** A number that may be missing. */
    public static Optional<Double> optionalNumber(ResultSet row, String column)
            throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    /** A time as JDBC takes it. */
    public static OffsetDateTime parameter(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** A text as PostgreSQL takes it: the one character that it cannot hold is replaced. */
    public static String text(String text) {
        return text.replace('\0', '\uFFFD');
    }

    /** The value, or null where SQL wants it. */
    public static <T> @Nullable T orNull(Optional<T> value) {
        return value.orElse(null);
    }
}
