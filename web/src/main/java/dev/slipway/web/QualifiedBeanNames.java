package dev.slipway.web;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationBeanNameGenerator;
import org.springframework.context.annotation.ConfigurationBeanNameGenerator;
import org.springframework.core.type.MethodMetadata;

/// Names our beans after their classes and configurations in full, so that services that share one
/// context do not take each other's names. The framework's beans keep theirs: it looks some up.
final class QualifiedBeanNames extends AnnotationBeanNameGenerator
    implements ConfigurationBeanNameGenerator {
  private static final String OURS = "dev.slipway.";

  @Override
  protected String buildDefaultBeanName(BeanDefinition definition) {
    String type = String.valueOf(definition.getBeanClassName());
    return type.startsWith(OURS) ? type : super.buildDefaultBeanName(definition);
  }

  @Override
  public String deriveBeanName(MethodMetadata method, @Nullable String beanName) {
    if (beanName != null) {
      return beanName;
    }
    String owner = method.getDeclaringClassName();
    return owner.startsWith(OURS) ? owner + "." + method.getMethodName() : method.getMethodName();
  }
}
