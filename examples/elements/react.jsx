// React 19: properties are passed as such, and `onrevoked` listens to the event of that name.
import "autorevoke/element";
import { StrictMode, useCallback, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

function Orders() {
  const [told, setTold] = useState("");
  const key = useRef(null);
  const token = useCallback(() => key.current.value, []);
  const tell = ({ type, detail }) => setTold(`${type}: order ${detail.orderNumber}`);
  const telling = { onrevoked: tell, ontested: tell, onunknown: tell, onfailed: tell };
  return (
    <>
      <h1>Orders</h1>
      <label>
        API key of <code>npm run demo</code> <input ref={key} id="key" type="password" autoComplete="off" />
      </label>
      <autorevoke-form token={token} {...telling} />
      <div>
        Order 700002:{" "}
        <autorevoke-button order-number="700002" code-reason="superseded" token={token} {...telling} />
      </div>
      <p id="told" role="status">
        {told}
      </p>
    </>
  );
}

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <Orders />
  </StrictMode>,
);
