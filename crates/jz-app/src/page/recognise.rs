//! The job that reads a page. Safe to run twice: a page that has a reading is left alone.

use super::{index, text};
use crate::{
    About, App, Cx, Fail,
    hub::Notice,
    jobs::{Outcome, Ticket},
    objects, seal,
    worker::Op,
};
use jz_domain::Id;
use jz_imaging::ocr::PageText;
use jz_search::fold_lines;
use jz_store::page;

/// Reads the page whose id is the argument of the job.
pub(crate) fn recognise(app: &App, t: &Ticket<'_>) -> Result<Outcome, Fail> {
    let Ok(id) = t.job.arg.parse::<Id>() else { return Ok(Outcome::Failed("ocr.argument".into())) };
    let Some(p) = app.store.read(|db| Ok::<_, Fail>(page::find(db, id)?))? else {
        return Ok(Outcome::Failed("ocr.no-page".into()));
    };
    if p.text_rev > 0 || p.state != "active" {
        return Ok(Outcome::Done);
    }
    let bytes = objects::read(app, &p.object)?;
    let mut read: Option<PageText> = None;
    let answer = app.workers.call(&Op::Ocr, vec![bytes], |f| {
        read = f.parse().ok();
        Ok(())
    })?;
    match (answer, read) {
        (Ok(()), Some(found)) => {
            keep(app, &p, &found)?;
            Ok(Outcome::Done)
        }
        (Err(trouble), _) => {
            give_up(app, &p, if trouble.code == "ocr.no-model" { "none" } else { "failed" })?;
            Ok(Outcome::Failed(trouble.code))
        }
        (Ok(()), None) => Ok(Outcome::Retry("ocr.no-answer".into())),
    }
}

fn keep(app: &App, p: &page::Page, found: &PageText) -> Result<(), Fail> {
    let cx = Cx::system(app);
    let folded = fold_lines(found.lines.iter().map(|l| l.text.as_str())).into_text();
    let reading = page::Reading {
        page: p.id,
        rev: 1,
        kind: "machine".into(),
        at: cx.now,
        actor: None,
        lines: text::seal_text(&app.keys, found)?,
        folded: seal::text(&app.keys, seal::FOLDED, &folded)?,
    };
    cx.change(|c| {
        // The page may have moved or been read by another worker meanwhile.
        let Some(now) = page::find(c.db, p.id)?.filter(|x| x.text_rev == 0) else {
            c.note("page.recognised", About::of("page", p.id, p.person, p.org_no));
            return Ok(());
        };
        page::put_reading(c.db, &reading)?;
        let now = page::Page {
            ocr: "done".into(),
            confidence: Some(f64::from(found.confidence())),
            text_rev: 1,
            ..now
        };
        page::put(c.db, &now)?;
        index::index(app, c.db, &now, &folded)?;
        c.note("page.recognised", About::of("page", p.id, p.person, p.org_no));
        Ok(())
    })?;
    tell(app, p.id, "done");
    Ok(())
}

fn give_up(app: &App, p: &page::Page, state: &'static str) -> Result<(), Fail> {
    Cx::system(app).change(|c| {
        if let Some(now) = page::find(c.db, p.id)?.filter(|x| x.text_rev == 0) {
            page::put(c.db, &page::Page { ocr: state.into(), ..now })?;
        }
        c.note("page.failed", About::of("page", p.id, p.person, p.org_no));
        Ok(())
    })?;
    tell(app, p.id, state);
    Ok(())
}

fn tell(app: &App, id: Id, state: &str) {
    app.hub.tell(&Notice {
        topic: "page",
        id: id.to_string(),
        kind: "ocr".into(),
        state: state.into(),
        done: 0,
        total: 0,
    });
}
