//! Pages and documents that are no answer of the endpoint, though they have one in them.

use crate::exchange::assert_unknown;

/// `CODE` stands for a code; each of these is what a proxy, a portal or a load balancer might send with a 200.
const PAGES: [&str; 34] = [
    "<html>errorCode=CODE</html>",
    "<html>\nerrorCode=CODE\n</html>",
    "<html>\r\n<body>\r\nCODE\r\n</body></html>",
    "<!DOCTYPE html><a href=\"/help?errorCode=CODE\">help</a>",
    "<!DOCTYPE html><a href=\"/help?lang=en&errorCode=CODE&x=1\">help</a>",
    "<!DOCTYPE html><a href=\"/help?lang=en&errorCode=CODE\">help</a>",
    "<!DOCTYPE html>\n<a href=/help?lang=en&errorCode=CODE&x=1>help</a>",
    "<a href=?a=b&amp;errorCode=CODE&amp;x=1>help</a>",
    "<a href='?a&errorCode=CODE&'>help</a>",
    "<!-- &errorCode=CODE& -->",
    "<!-- errorCode=CODE -->",
    "<!--\nerrorCode=CODE\n-->",
    "<!-- a=b&errorCode=CODE&errorMessage= --><p>Welcome</p>",
    "<meta http-equiv=refresh content=\"0;url=/x?a=b&errorCode=CODE&\">",
    "<script>if (body === \"errorCode=CODE\") done()</script>",
    "<script>var a='x=1&errorCode=CODE&y=2'</script>",
    "<input name=errorCode value=CODE>",
    "<form action=\"/login?a=1&errorCode=CODE&next=/\"><input name=loginName></form>",
    "Found. See https://proxy.example/login?a=1&errorCode=CODE&b=2",
    "https://proxy.example/login?a=1&errorCode=CODE&b=2",
    "/login?next=/&errorCode=CODE&b=2",
    "?a=1&errorCode=CODE&b=2",
    "url=https://proxy.example/?a=1&errorCode=CODE&b=2",
    "GET /x?a=1&errorCode=CODE&b=2 HTTP/1.1",
    "{\"errorCode\":CODE}",
    "{\"errorCode\": \"CODE\"}",
    "{\"url\":\"/x?a=1&errorCode=CODE&b=2\"}",
    "[CODE]",
    "\"errorCode=CODE\"",
    "\"a=1&errorCode=CODE&\"",
    "<?xml version=\"1.0\"?><errorCode>CODE</errorCode>",
    "errorCode: CODE",
    "HTTP/1.1 200 OK\r\n\r\nCODE",
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nerrorCode=CODE\r\n",
];

#[test]
fn a_page_is_unknown_whatever_stands_in_it() {
    for page in PAGES {
        for code in ["0", "-21", "-20", "-16", "-3", "1"] {
            let page = page.replace("CODE", code);
            for page in [
                page.clone(),
                format!("\u{feff}\r\n{page}\r\n"),
                format!("{page}&"),
                format!("&{page}"),
            ] {
                assert_unknown(&page);
            }
        }
    }
}

#[test]
fn a_page_behind_a_success_makes_it_unknown() {
    for page in PAGES {
        for body in [
            format!("0\n{page}"),
            format!("errorCode=0\n{page}"),
            format!("errorCode=0&{page}"),
        ] {
            assert_unknown(body.replace("CODE", "0"));
        }
    }
}
