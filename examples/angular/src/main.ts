import { Component, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
// The module is inside of the JavaScript: Angular's build leaves files behind.
import { RevocationError, revoke } from "autorevoke/inline";

@Component({
  selector: "app-revoke",
  template: `
    <label>Edge <input #endpoint name="endpoint" type="url" /></label>
    <label>Token <input #token name="token" type="password" autocomplete="off" /></label>
    <label>Order number <input #order name="orderNumber" inputmode="numeric" /></label>
    <button type="button" (click)="onClick(endpoint.value, token.value, order.value)">Revoke</button>
    <output>{{ said() }}</output>
  `,
})
class Revoke {
  readonly said = signal("");

  async onClick(endpoint: string, token: string, orderNumber: string) {
    this.said.set("...");
    try {
      const { outcome } = await revoke({ orderNumber, codeReason: "superseded" }, { endpoint, token });
      this.said.set(outcome);
    } catch (error) {
      if (!(error instanceof RevocationError)) throw error;
      this.said.set(
        error.mayHaveRevoked ? "It is not known whether it was revoked." : `Not revoked: ${error.message}`,
      );
    }
  }
}

void bootstrapApplication(Revoke, { providers: [provideZonelessChangeDetection()] });
