import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Clock } from './clock.js';
import { ENVIRONMENT, type Environment } from './environment.js';
import { HealthController } from './health.controller.js';
import { HomeController } from './home/home.controller.js';
import { HomePage } from './home/home-page.js';
import { BrowserCookies } from './http/browser-cookies.js';
import { Issuer } from './issuer/issuer.js';
import { OrdersController } from './orders/orders.controller.js';
import { PersonsOrders } from './orders/persons-orders.js';
import { SampleApi } from './orders/sample-api.js';
import { AssetsController } from './pages/assets.controller.js';
import { ErrorPageFilter } from './pages/error-page.filter.js';
import { Pages } from './pages/pages.js';
import { BrowserSession } from './sessions/browser-session.js';
import { FreshTokens } from './sessions/fresh-tokens.js';
import { InMemorySessionStore } from './sessions/in-memory-session.store.js';
import { RefreshController } from './sessions/refresh.controller.js';
import { InMemorySignInAttemptStore } from './sign-in/in-memory-sign-in-attempt.store.js';
import { SignIn } from './sign-in/sign-in.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { BackchannelLogoutController } from './sign-out/backchannel-logout.controller.js';
import { IssuerSignOut } from './sign-out/issuer-sign-out.js';
import { LogoutTokenVerifier } from './sign-out/logout-token.verifier.js';
import { SignOutController } from './sign-out/sign-out.controller.js';

/*
 * A relying party: it sends people to the token server to sign in, keeps what it gets for them on this side, and calls the sample
 * API in their name. The folders are the steps of that story.
 */
@Module({
  controllers: [
    HomeController,
    SignInController,
    RefreshController,
    OrdersController,
    SignOutController,
    BackchannelLogoutController,
    AssetsController,
    HealthController,
  ],
  providers: [
    Issuer,
    BrowserCookies,
    SignIn,
    InMemorySignInAttemptStore,
    InMemorySessionStore,
    BrowserSession,
    FreshTokens,
    SampleApi,
    PersonsOrders,
    HomePage,
    IssuerSignOut,
    LogoutTokenVerifier,
    Pages,
    { provide: APP_FILTER, useClass: ErrorPageFilter },
  ],
})
export class AppModule {
  static forRoot(environment: Environment, clock: Clock): DynamicModule {
    return {
      module: AppModule,
      providers: [
        { provide: ENVIRONMENT, useValue: environment },
        { provide: Clock, useValue: clock },
      ],
    };
  }
}
