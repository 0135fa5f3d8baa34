package io.longspan.model.hub;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A published model and where to ask for it.
 *
 * @param endpoint such as {@code https://huggingface.co}, without a slash at its end
 * @param repository {@code OWNER/NAME}
 * @param revision branch, tag or commit
 * @param token of a login, or null for none; sent to the endpoint only, never printed
 */
public record HubModel(URI endpoint, String repository, String revision, @Nullable String token) {
    /** Where models are looked for unless told. */
    public static final String DEFAULT_ENDPOINT = "https://huggingface.co";

    private static final Pattern REPOSITORY =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Reads and checks what a user gave.
     *
     * @throws ModelInputException naming the part that cannot be
     */
    public static HubModel of(
            String endpoint, String repository, String revision, @Nullable String token) {
        if (!REPOSITORY.matcher(repository).matches() || repository.contains("..")) {
            throw new ModelInputException(
                    "model "
                            + Quoted.of(repository)
                            + " must be OWNER/NAME, such as allenai/longformer-base-4096");
        }
        if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
            throw new ModelInputException(
                    "revision "
                            + Quoted.of(revision)
                            + " must be a branch, a tag or a commit, such as main");
        }
        URI address = address(endpoint);
        if (token != null && !isPrivate(address)) {
            throw new ModelInputException(
                    "the endpoint "
                            + Quoted.of(endpoint)
                            + " is not encrypted, so the token would travel in the clear; use https, or unset longspan.hub.token");
        }
        if (token != null && !token.matches("[!-~]+")) {
            throw new ModelInputException(
                    "longspan.hub.token holds a space or a letter that no token has; copy it again");
        }
        return new HubModel(address, repository, revision, token);
    }

    /** The name without its owner. */
    public String name() {
        return repository.substring(repository.indexOf('/') + 1);
    }

    URI listing() {
        return endpoint.resolve(
                endpoint.getRawPath()
                        + "/api/models/"
                        + repository
                        + "/revision/"
                        + revision.replace("/", "%2F")
                        + "?blobs=true");
    }

    URI file(String commit, String name) {
        return endpoint.resolve(
                endpoint.getRawPath()
                        + "/"
                        + repository
                        + "/resolve/"
                        + commit.replace("/", "%2F")
                        + "/"
                        + name);
    }

    /** What is asked for, without the token. */
    @Override
    public String toString() {
        return repository + " at " + revision + " from " + endpoint;
    }

    private static URI address(String endpoint) {
        try {
            URI address = new URI(endpoint.replaceAll("/+$", ""));
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            boolean plain = address.getRawQuery() == null && address.getRawUserInfo() == null;
            if (Set.of("http", "https").contains(scheme) && address.getHost() != null && plain) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new ModelInputException(
                "endpoint "
                        + Quoted.of(endpoint)
                        + " must be an http or https address without a login, such as "
                        + DEFAULT_ENDPOINT);
    }

    private static boolean isPrivate(URI address) {
        return "https".equalsIgnoreCase(address.getScheme())
                || LOOPBACK.contains(address.getHost());
    }
}
