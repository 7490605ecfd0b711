package dev.slipway.ingress;

import dev.slipway.ingress.delivery.DeliveryConfiguration;
import dev.slipway.pipeline.kafka.KafkaConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// The whole ingress: what `standalone` imports.
@Configuration(proxyBeanMethods = false)
@Import({KafkaConfiguration.class, DeliveryConfiguration.class})
public class IngressConfiguration {}
