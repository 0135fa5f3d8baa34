package io.longspan.admin.page;

import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Gives every page what its frame needs. */
@ControllerAdvice(basePackages = "io.longspan.admin", annotations = Controller.class)
class Shell {
    private static final String ROLE = "ROLE_";

    private final InstantSource clock;

    Shell(InstantSource consoleClock) {
        clock = consoleClock;
    }

    @ModelAttribute
    void frame(HttpServletRequest request, @Nullable Authentication user, Model model) {
        model.addAttribute("f", new Format(clock.instant(), ReaderZones.of(request).value()));
        model.addAttribute("here", address(request));
        if (user == null) {
            return;
        }
        List<String> roles = roles(user);
        model.addAttribute("user", user.getName());
        model.addAttribute("roles", String.join(", ", roles));
        model.addAttribute("mayOperate", roles.contains("OPERATOR") || roles.contains("ADMIN"));
        model.addAttribute("mayAdminister", roles.contains("ADMIN"));
    }

    private static Address address(HttpServletRequest request) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (request.getMethod().equals("GET")) {
            request.getParameterMap()
                    .forEach((name, values) -> {
                        List<String> given =
                                Arrays.stream(values).filter(v -> !v.isEmpty()).toList();
                        if (!given.isEmpty()) {
                            parameters.put(name, given);
                        }
                    });
        }
        return new Address(request.getRequestURI(), parameters);
    }

    private static List<String> roles(Authentication user) {
        return user.getAuthorities().stream()
                .map(a -> Optional.ofNullable(a.getAuthority()).orElse(""))
                .filter(a -> a.startsWith(ROLE))
                .map(a -> a.substring(ROLE.length()))
                .toList();
    }
}
