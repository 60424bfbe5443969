import { Inject, Injectable, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { controller } from '../../support/decorate.mjs';
import { appOf } from './app.mjs';

class OfTheRequest {
  visits = 1;

  constructor(request) {
    this.request = request;
  }
}
Injectable({ scope: Scope.REQUEST })(OfTheRequest);
Inject(REQUEST)(OfTheRequest, undefined, 0);

class RequestScoped {
  constructor(ofTheRequest) {
    this.ofTheRequest = ofTheRequest;
  }

  plain() {
    return { visits: this.ofTheRequest.visits };
  }
}

/** Nest's own way to have something of the request in a constructor: all of it is built for each. */
export function create(framework) {
  return appOf(framework, {
    providers: [OfTheRequest],
    controllers: [controller(RequestScoped, { plain: [] }, [OfTheRequest])],
  });
}
