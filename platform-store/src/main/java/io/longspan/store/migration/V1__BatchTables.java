package io.longspan.store.migration;

import java.io.IOException;
import java.util.zip.CRC32;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/**
 * Spring Batch's tables, made by the script that its jar brings, so that they are always the ones
 * this version of Batch works on. Its checksum stands for the script's: a Batch that brings another
 * script is noticed at start and needs a migration of its own.
 */
public final class V1__BatchTables extends BaseJavaMigration {
    private static final ClassPathResource SCRIPT =
            new ClassPathResource("org/springframework/batch/core/schema-postgresql.sql");

    @Override
    public Integer getChecksum() {
        CRC32 checksum = new CRC32();
        try {
            checksum.update(SCRIPT.getContentAsByteArray());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("Batch's schema script cannot be read", e);
        }
        return (int) checksum.getValue();
    }

    @Override
    public void migrate(Context context) {
        ScriptUtils.executeSqlScript(context.getConnection(), SCRIPT);
    }
}
