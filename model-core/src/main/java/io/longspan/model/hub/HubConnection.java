package io.longspan.model.hub;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Requests to an endpoint. Redirects are followed by hand: the token goes to the endpoint itself
 * and to nobody whom it names. Whoever opened it closes it.
 */
final class HubConnection implements AutoCloseable {
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> NO_ACCESS = Set.of(401, 403);
    private static final int NOT_FOUND = 404;

    private final HubModel model;
    private final Duration patience;
    private final HttpClient client;

    HubConnection(HubModel model, Duration patience) {
        this.model = model;
        this.patience = patience;
        client =
                HttpClient.newBuilder()
                        .connectTimeout(patience)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    /**
     * Asks for an address, from a byte on.
     *
     * @return what came, of status 200, 206 or 416; the caller closes its body
     * @throws ModelInputException when the endpoint does not have it or keeps it from us
     * @throws HubUnavailableException when it answers with something else for good
     * @throws IOException when another try may help
     */
    HttpResponse<InputStream> get(URI address, long from) throws IOException {
        URI at = address;
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            HttpResponse<InputStream> response = send(at, from);
            int status = response.statusCode();
            if (status == 200 || status == 206 || status == 416) {
                return response;
            }
            try (InputStream _ = response.body()) {
                if (!REDIRECTS.contains(status)) {
                    throw refusal(status, at);
                }
                at = next(at, response.headers().firstValue("Location"));
            }
        }
        throw new HubUnavailableException(
                "'"
                        + address
                        + "' leads through more than "
                        + MOST_REDIRECTS
                        + " redirects; give up");
    }

    private HttpResponse<InputStream> send(URI at, long from) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(at)
                        .timeout(patience)
                        .header("User-Agent", "longspan")
                        // A compressed answer could not go on in the middle.
                        .header("Accept-Encoding", "identity");
        if (model.token() != null && sameOrigin(at, model.endpoint())) {
            request.header("Authorization", "Bearer " + model.token());
        }
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubUnavailableException("the transfer was interrupted; run it again", e);
        }
    }

    private static URI next(URI at, Optional<String> location) {
        String named = location.orElse("");
        URI next;
        try {
            next = at.resolve(named);
        } catch (IllegalArgumentException e) {
            throw new HubUnavailableException(
                    "'" + at + "' redirects to " + Quoted.of(named) + ", which is no address", e);
        }
        boolean known = "https".equals(next.getScheme()) || "http".equals(next.getScheme());
        boolean weaker = "https".equals(at.getScheme()) && "http".equals(next.getScheme());
        if (!known || next.getHost() == null || weaker) {
            throw new HubUnavailableException(
                    "'"
                            + at
                            + "' redirects to "
                            + Quoted.of(named)
                            + ", which is less safe than where it came from; use another endpoint");
        }
        return next;
    }

    private RuntimeException refusal(int status, URI at) throws IOException {
        if (NO_ACCESS.contains(status)) {
            return new ModelInputException(
                    "'"
                            + model.repository()
                            + "' is private, gated or does not exist at "
                            + model.endpoint()
                            + " (status "
                            + status
                            + "); check the name, "
                            + (model.token() == null
                                    ? "or set longspan.hub.token to a token that may read it"
                                    : "and whether the token of longspan.hub.token may read it"));
        }
        if (status == NOT_FOUND) {
            return new ModelInputException(
                    model + " was not found; check the name and the --revision ('" + at + "')");
        }
        if (status == 429 || status >= 500) {
            throw new IOException("status " + status);
        }
        return new HubUnavailableException(
                "'" + at + "' answered with status " + status + "; check the endpoint");
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && one.getPort() == other.getPort();
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
