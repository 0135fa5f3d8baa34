package io.longspan.model.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.longspan.model.InputJson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A server on loopback that publishes one model, and can be made to misbehave. */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** Requests that came: path, range and authorization. */
    final List<Request> requests = new CopyOnWriteArrayList<>();

    /** Bytes after which the connection is cut, one entry per answer with a file; then whole. */
    final List<Integer> cuts = new ArrayList<>();

    /** Names in the listing that have no contents. */
    final List<String> otherNames = new ArrayList<>();

    /** Status of every answer, unless 200. */
    int status = 200;

    /** Where files are redirected to, if anywhere. */
    @Nullable String redirect;

    /** Whether ranges are ignored. */
    boolean wholeOnly;

    /** Whether contents differ from the digests of the listing. */
    boolean damaged;

    private final Map<String, byte[]> large = new HashMap<>();
    private final Map<String, byte[]> small = new HashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    record Request(String path, @Nullable String range, @Nullable String authorization) {}

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void large(String name, byte[] contents) {
        large.put(name, contents);
    }

    void small(String name, String contents) {
        small.put(name, contents.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(new Request(path, range, login));
            if (status != 200) {
                exchange.sendResponseHeaders(status, -1);
            } else if (path.equals("/api/models/owner/name/revision/main")) {
                give(exchange, listing().getBytes(StandardCharsets.UTF_8), null);
            } else if (path.startsWith("/owner/name/resolve/" + COMMIT + "/")
                    || path.startsWith("/cdn/")) {
                String name = path.substring(path.lastIndexOf('/') + 1);
                if (redirect != null && !path.startsWith("/cdn/")) {
                    exchange.getResponseHeaders().set("Location", redirect + "/cdn/" + name);
                    exchange.sendResponseHeaders(302, -1);
                } else {
                    byte[] contents = large.getOrDefault(name, small.get(name));
                    give(exchange, contents, range);
                }
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void give(HttpExchange exchange, byte[] contents, @Nullable String range)
            throws IOException {
        int from = 0;
        if (range != null && !wholeOnly) {
            from = Integer.parseInt(range.replace("bytes=", "").replace("-", ""));
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes " + from + "-" + (contents.length - 1) + "/" + contents.length);
        }
        byte[] sent = contents.clone();
        boolean listing = exchange.getRequestURI().getPath().startsWith("/api/");
        if (damaged && !listing) {
            sent[sent.length - 1] ^= 1;
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, sent.length - from);
        boolean cut = !listing && !cuts.isEmpty();
        int end = cut ? Math.min(sent.length, from + cuts.removeFirst()) : sent.length;
        OutputStream out = exchange.getResponseBody();
        out.write(sent, from, end - from);
        out.flush();
        if (!cut) {
            out.close();
        }
    }

    private String listing() {
        ObjectNode root = InputJson.mapper().createObjectNode();
        root.put("sha", COMMIT);
        ArrayNode files = root.putArray("siblings");
        small.forEach((name, contents) ->
                files.addObject()
                        .put("rfilename", name)
                        .put("size", contents.length)
                        .put("blobId", blob(contents)));
        large.forEach((name, contents) -> {
            ObjectNode file = files.addObject().put("rfilename", name).put("size", contents.length);
            file.putObject("lfs")
                    .put("sha256", sha("SHA-256", contents))
                    .put("size", contents.length);
        });
        otherNames.forEach(name -> files.addObject().put("rfilename", name).put("size", 5));
        return root.toString();
    }

    private static String blob(byte[] contents) {
        byte[] header = ("blob " + contents.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] both = new byte[header.length + contents.length];
        System.arraycopy(header, 0, both, 0, header.length);
        System.arraycopy(contents, 0, both, header.length, contents.length);
        return sha("SHA-1", both);
    }

    private static String sha(String algorithm, byte[] contents) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(contents));
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
