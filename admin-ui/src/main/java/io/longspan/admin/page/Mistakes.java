package io.longspan.admin.page;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;

/** Mistakes of readers, as a page with a sentence. */
@ControllerAdvice(basePackages = "io.longspan.admin", annotations = Controller.class)
class Mistakes {
    @ExceptionHandler
    ModelAndView refused(Refused problem) {
        return page(HttpStatus.BAD_REQUEST, problem);
    }

    @ExceptionHandler
    ModelAndView missing(Missing problem) {
        return page(HttpStatus.NOT_FOUND, problem);
    }

    private static ModelAndView page(HttpStatus status, RuntimeException problem) {
        ModelAndView page = new ModelAndView("error");
        page.setStatus(status);
        page.addObject("status", status.value());
        page.addObject("sentence", String.valueOf(problem.getMessage()));
        return page;
    }
}
