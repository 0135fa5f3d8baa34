package io.longspan.admin.access;

import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page to log in on; why it is shown stands in its address. */
@Controller
class LoginPage {
    @GetMapping("/login")
    String login(@RequestParam Optional<Integer> wait, Model model) {
        wait.ifPresent(seconds -> model.addAttribute("wait", seconds));
        return "longspan/login";
    }
}
