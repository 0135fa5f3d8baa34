package io.longspan.admin.api;

import io.longspan.admin.page.Missing;
import io.longspan.admin.page.Refused;
import java.util.Arrays;
import java.util.UUID;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Mistakes of those who call the JSON interface, as sentences. Before the advice for pages. */
@RestControllerAdvice(annotations = RestController.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class ApiProblems {
    @ExceptionHandler({NotFoundException.class, Missing.class})
    @ResponseStatus(HttpStatus.NOT_FOUND)
    ApiProblem notFound(RuntimeException problem) {
        return new ApiProblem(String.valueOf(problem.getMessage()));
    }

    @ExceptionHandler({BadParameterException.class, Refused.class})
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    ApiProblem badParameter(RuntimeException problem) {
        return new ApiProblem(String.valueOf(problem.getMessage()));
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    ApiProblem wrongType(MethodArgumentTypeMismatchException problem) {
        Class<?> wanted = problem.getParameter().nestedIfOptional().getNestedParameterType();
        String kind =
                wanted.isEnum()
                        ? "one of " + Arrays.toString(wanted.getEnumConstants())
                        : wanted == UUID.class
                                ? "a UUID"
                                : wanted == boolean.class
                                        ? "true or false"
                                        : wanted == double.class ? "a number" : "a whole number";
        return new ApiProblem(
                "parameter '"
                        + problem.getName()
                        + "' is '"
                        + problem.getValue()
                        + "'; it must be "
                        + kind);
    }
}
