package io.longspan.cli.role;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** The root of a Boot application; roles are added to it as sources. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class PlatformApplication {}
