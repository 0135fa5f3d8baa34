package io.longspan.admin.api;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Mistakes of those who call the JSON interface, as sentences. */
@RestControllerAdvice(assignableTypes = ConsoleApi.class)
class ApiProblems {
    @ExceptionHandler
    @ResponseStatus(HttpStatus.NOT_FOUND)
    ApiProblem notFound(NotFoundException problem) {
        return new ApiProblem(String.valueOf(problem.getMessage()));
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    ApiProblem badParameter(BadParameterException problem) {
        return new ApiProblem(String.valueOf(problem.getMessage()));
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    ApiProblem wrongType(MethodArgumentTypeMismatchException problem) {
        boolean number = problem.getParameter().getParameterType().isPrimitive();
        return new ApiProblem(
                "parameter '"
                        + problem.getName()
                        + "' is '"
                        + problem.getValue()
                        + "'; it must be a "
                        + (number ? "whole number" : "UUID"));
    }
}
