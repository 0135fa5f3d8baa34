package io.longspan.admin.access;

import io.longspan.store.Store;
import io.longspan.store.user.ConsoleUser;
import io.longspan.store.user.UserRow;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsPasswordService;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** The store's users, as Spring Security wants them. */
final class StoredUsers implements UserDetailsService, UserDetailsPasswordService {
    private final Store store;

    StoredUsers(Store store) {
        this.store = store;
    }

    @Override
    public UserDetails loadUserByUsername(String name) {
        ConsoleUser user =
                store.users()
                        .find(name)
                        .orElseThrow(() -> new UsernameNotFoundException("no such user"));
        return User.withUsername(user.name())
                .password(user.passwordHash())
                .roles(Role.valueOf(user.role()).name())
                .disabled(store.userAdmin().find(name).map(UserRow::disabled).orElse(true))
                .build();
    }

    /** A hash of an older kind is replaced at the first login that proves the password. */
    @Override
    public UserDetails updatePassword(UserDetails user, @Nullable String newHash) {
        if (newHash != null) {
            store.userAdmin().password(user.getUsername(), newHash);
        }
        return user;
    }
}
