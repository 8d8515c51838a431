//! Serves one picture by IIIF Image API 3, for trying the parser and the renderer
//! against the official validator without the rest of the product.
//!
//! ```text
//! cargo run -p jz-imaging --example iiif_serve -- PICTURE IDENTIFIER 127.0.0.1:9000
//! iiif-validate.py -s localhost:9000 -p iiif/3 -i IDENTIFIER --version=3.0 --level 2
//! ```
#![expect(clippy::print_stdout, reason = "a program for the terminal")]
#![expect(clippy::unwrap_used, reason = "a trial server that cannot serve should stop")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use jz_imaging::iiif::{IiifError, MaxSize, Request, info, plan, render};
use jz_imaging::pack::{self, Pack};
use jz_imaging::{Limits, decode_upright};

struct Service {
    pack: Pack<Vec<u8>>,
    identifier: String,
    address: String,
}

struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let page = decode_upright(&std::fs::read(&args[0]).unwrap(), &Limits::default()).unwrap();
    let pack = Pack::open(pack::build(&page).unwrap()).unwrap();
    let service =
        Service { pack, identifier: args[1].clone(), address: args[2].replace("127.0.0.1", "localhost") };
    println!("http://{}/iiif/3/{}/info.json", service.address, service.identifier);
    for stream in TcpListener::bind(&args[2]).unwrap().incoming() {
        let _ = serve(&service, stream.unwrap());
    }
}

fn serve(service: &Service, mut stream: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or("/").replace("%2D", "-").replace("%5E", "^");
    let answer = answer(service, &path);
    write!(
        stream,
        "HTTP/1.1 {} x\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n",
        answer.status,
        answer.body.len(),
        answer.headers
    )?;
    stream.write_all(&answer.body)
}

fn answer(service: &Service, path: &str) -> Answer {
    let bare = |status, headers: String| Answer { status, headers, body: vec![] };
    let base = format!("/iiif/3/{}", service.identifier);
    let id = format!("http://{}{base}", service.address);
    let (w, h) = (service.pack.layout().w, service.pack.layout().h);
    match path.strip_prefix(&base) {
        Some("") => bare(303, format!("Location: {id}/info.json\r\n")),
        Some("/info.json") => Answer {
            status: 200,
            headers: "Content-Type: application/ld+json\r\n".into(),
            body: info(&id, w, h, &MaxSize::default()).to_string().into_bytes(),
        },
        Some(rest) if rest.starts_with('/') => {
            let made = Request::parse_path(&rest[1..]).and_then(|request| {
                let plan = plan(&request, w, h, &MaxSize::default())?;
                Ok((plan.canonical(), render(&service.pack, &plan, None)?))
            });
            match made {
                Ok((canonical, rendered)) => Answer {
                    status: 200,
                    headers: format!(
                        "Content-Type: {}\r\nLink: <{id}/{canonical}>;rel=\"canonical\", <http://iiif.io/api/image/3/level2.json>;rel=\"profile\"\r\n",
                        rendered.format.media_type()
                    ),
                    body: rendered.bytes,
                },
                Err(e @ (IiifError::Bad(_) | IiifError::NotImplemented(_) | IiifError::Image(_))) => {
                    bare(e.status(), String::new())
                }
            }
        }
        _ => bare(404, String::new()),
    }
}
