//! Who asks, and the two ways of touching data: [`Cx::change`] and [`Cx::look`].
//!
//! A change without an event, or a look without a ledger entry, cannot be written with
//! these: the entry is part of the call, and of the transaction.

use crate::{
    App, Fail,
    audit::{Draft, EventDetail, FieldChange, Ledger},
    rand, seal,
};
use jz_domain::{
    Id, Millis,
    identity::{self, Action, Actor, Allowed, Object},
    org::Span,
};
use jz_store::{Db, StoreError, ledger};
use serde::Serialize;
use std::cell::Cell;

/// Who asks, when, from where.
pub struct Cx<'a> {
    /// The installation.
    pub app: &'a App,
    /// Account, person and today's grants.
    pub actor: Actor,
    /// Login.
    pub login: String,
    /// First characters of the session's digest.
    pub session: String,
    /// Address.
    pub addr: String,
    /// The moment of the request.
    pub now: Millis,
    /// The system itself acts: jobs and command line set-up.
    pub system: bool,
}

impl<'a> Cx<'a> {
    /// The system itself, which may do everything it is programmed to do.
    pub fn system(app: &'a App) -> Self {
        Self {
            app,
            actor: Actor { account: Id(0), person: None, grants: Vec::new() },
            login: "系统".into(),
            session: String::new(),
            addr: String::new(),
            now: app.now(),
            system: true,
        }
    }

    /// Today, in China.
    pub fn today(&self) -> String {
        self.now.day()
    }

    /// May the actor do this? A refusal is written to the ledger by the web layer.
    pub fn allow(&self, action: Action, object: &Object) -> Result<Allowed, Fail> {
        if self.system {
            return Ok(Allowed { rule: "system", role: identity::Role::Sysadmin });
        }
        Ok(identity::decide(&self.actor, action, object)?)
    }

    /// The subtrees a list is trimmed to. Nobody without the right gets an empty list:
    /// that is a refusal.
    pub fn scope(&self, action: Action) -> Result<Vec<Span>, Fail> {
        if self.system {
            return Ok(vec![Span::ALL]);
        }
        let spans = identity::scope(&self.actor, action);
        if spans.is_empty() {
            return Err(match identity::reach_of(&self.actor, action) {
                None => identity::Denied::NoRight(action).into(),
                Some(_) => identity::Denied::OutOfReach(action).into(),
            });
        }
        Ok(spans)
    }

    fn role_for(&self, action: Option<Action>, object: &Object) -> &'static str {
        if self.system {
            return "";
        }
        let by_rule = action.and_then(|a| identity::decide(&self.actor, a, object).ok()).map(|a| a.role);
        by_rule.or_else(|| self.actor.grants.first().map(|g| g.role)).map_or("", identity::Role::code)
    }

    fn draft(&self, action: &str, right: Option<Action>, about: &About) -> Draft {
        let object = Object { org_no: about.org_no, subject: about.subject };
        Draft {
            at: self.now,
            actor: self.actor.account,
            role: self.role_for(right, &object),
            session: self.session.clone(),
            addr: self.addr.clone(),
            action: action.to_owned(),
            kind: about.kind,
            object: about.object,
            subject: about.subject,
            result: "ok",
            detail: Vec::new(),
        }
    }

    /// A change: the closure writes rows and names its events; all of it is committed
    /// together with the ledger, or nothing is.
    pub fn change<T>(&self, f: impl FnOnce(&mut Change<'_, '_>) -> Result<T, Fail>) -> Result<T, Fail> {
        self.app.store.write(|db| {
            let mut change = Change::new(db, self);
            let out = f(&mut change)?;
            change.settle()?;
            Ok(out)
        })
    }

    /// A look at somebody's file: written to the ledger first, in the same transaction
    /// that reads; the answer leaves only after the commit.
    pub fn look<T>(
        &self,
        action: Action,
        about: &About,
        purpose: Option<&str>,
        f: impl FnOnce(&mut Db<'_>) -> Result<T, Fail>,
    ) -> Result<T, Fail> {
        self.app.store.write(|db| {
            let out = f(db)?;
            let mut draft = self.draft(action.code(), Some(action), about);
            if let Some(p) = purpose {
                draft.detail = json(&serde_json::json!({ "purpose": p }))?;
            }
            let mut ledger = Ledger::open(db)?;
            ledger.append(db, &self.app.keys, &draft)?;
            ledger.close(db)?;
            Ok(out)
        })
    }

    /// Writes one entry that is neither a change nor a look: a refusal, a login.
    pub fn note(&self, action: &str, about: &About, result: &'static str) -> Result<(), Fail> {
        self.app.store.write(|db| {
            let mut draft = self.draft(action, None, about);
            draft.result = result;
            let mut ledger = Ledger::open(db)?;
            ledger.append(db, &self.app.keys, &draft)?;
            ledger.close(db)
        })
    }
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Fail> {
    serde_json::to_vec(value).map_err(|e| Fail::machine("writing JSON", e))
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    /// Kind of the object: `person`, `volume`, `page` …
    pub kind: &'static str,
    /// The object.
    pub object: Option<Id>,
    /// Whose file.
    pub subject: Option<Id>,
    /// Place in the tree, for finding the role it was done in.
    pub org_no: Option<i64>,
}

impl About {
    /// About a thing of the house.
    pub fn thing(kind: &'static str, object: Id) -> Self {
        Self { kind, object: Some(object), subject: None, org_no: None }
    }

    /// About a person.
    pub fn person(person: Id, org_no: i64) -> Self {
        Self { kind: "person", object: Some(person), subject: Some(person), org_no: Some(org_no) }
    }

    /// About a thing in a person's file.
    pub fn of(kind: &'static str, object: Id, person: Id, org_no: i64) -> Self {
        Self { kind, object: Some(object), subject: Some(person), org_no: Some(org_no) }
    }
}

/// One event of a change.
pub struct Event<'e> {
    /// Code, see the labels in `audit`.
    pub kind: &'static str,
    /// What it is about.
    pub about: About,
    /// Whose history it belongs to: the person, the volume, the organisation.
    pub subject: Id,
    /// Day it happened; today when not given.
    pub happened: Option<&'e str>,
    /// On what evidence.
    pub basis: Option<&'e str>,
    /// What changed. Sensitive values are masked by the caller.
    pub changes: Vec<FieldChange>,
}

/// An entry that has no number yet. The detail of its event is sealed when it gets one.
struct Pending {
    draft: Draft,
    event: Option<ledger::Event>,
}

/// Entries written at once.
const TOGETHER: usize = 256;

/// The inside of a change.
pub struct Change<'c, 'd> {
    /// The transaction.
    pub db: &'c mut Db<'d>,
    /// Who.
    pub cx: &'c Cx<'c>,
    pending: Vec<Pending>,
    is_recorded: bool,
    edge: Option<Ledger>,
    has_id: Cell<bool>,
}

impl<'c, 'd> Change<'c, 'd> {
    fn new(db: &'c mut Db<'d>, cx: &'c Cx<'c>) -> Self {
        let has_id = Cell::new(false);
        Self { db, cx, pending: Vec::new(), is_recorded: false, edge: None, has_id }
    }
}

impl Change<'_, '_> {
    /// A new id, above all that this program has given out: what is made later sorts later,
    /// also within a millisecond and when the clock is set back. The first of a change is
    /// drawn, the others follow it: the 22 bits of chance in a millisecond would repeat
    /// within a few thousand draws.
    pub fn id(&self) -> Result<Id, Fail> {
        let drawn = match self.has_id.replace(true) {
            true => Id(0),
            false => Id::at(self.cx.now, rand::bits()?),
        };
        Ok(self.cx.app.ids.next(drawn))
    }

    /// Records an event: a line of the history and an entry of the ledger.
    pub fn event(&mut self, e: Event<'_>) -> Result<(), Fail> {
        let cx = self.cx;
        // The evidence may name a file or a person: it is sealed with the changes.
        let basis = e.basis.map(str::to_owned);
        let detail = json(&EventDetail { changes: e.changes, basis })?;
        let mut draft = cx.draft(e.kind, None, &e.about);
        draft.detail = detail;
        let event = ledger::Event {
            id: self.id()?,
            subject: e.subject,
            kind: e.kind.to_owned(),
            happened: e.happened.map_or_else(|| cx.today(), str::to_owned),
            recorded: cx.now,
            actor: cx.actor.account,
            basis: None,
            detail: Vec::new(),
            seq: 0,
        };
        self.pending.push(Pending { draft, event: Some(event) });
        // On SQLite the transaction holds the ledger anyway; on PostgreSQL everybody else
        // would wait for it from here on, so there all entries come at the end.
        if self.db.is_sqlite() && self.pending.len() >= TOGETHER {
            self.flush()?;
        }
        Ok(())
    }

    /// An entry of the ledger only, for things that have no history of their own.
    pub fn note(&mut self, action: &'static str, about: About) {
        let draft = self.cx.draft(action, None, &about);
        self.pending.push(Pending { draft, event: None });
    }

    /// Queues a job in this transaction.
    pub fn enqueue(&mut self, kind: &str, arg: &str) -> Result<Id, Fail> {
        let id = self.id()?;
        jz_store::job::add(self.db, id, kind, arg, self.cx.now)?;
        Ok(id)
    }

    /// Gives the entries so far their numbers and writes them.
    fn flush(&mut self) -> Result<(), Fail> {
        let keys = &self.cx.app.keys;
        let mut edge = match self.edge.take() {
            Some(e) => e,
            None => Ledger::open(self.db)?,
        };
        let mut waiting = std::mem::take(&mut self.pending).into_iter();
        while waiting.len() > 0 {
            let (mut entries, mut events) = (Vec::new(), Vec::new());
            for p in waiting.by_ref().take(TOGETHER) {
                let entry = edge.entry(keys, &p.draft)?;
                if let Some(mut event) = p.event {
                    event.seq = entry.seq;
                    event.detail = keys.seal_field(seal::EVENT, &p.draft.detail)?;
                    events.push(event);
                }
                entries.push(entry);
            }
            ledger::add_many(self.db, &entries)?;
            match &mut events[..] {
                [one] => add_event(self.db, one)?,
                many => ledger::add_events(self.db, many)?,
            }
            self.is_recorded = true;
        }
        self.edge = Some(edge);
        Ok(())
    }

    fn settle(mut self) -> Result<(), Fail> {
        self.flush()?;
        if !self.is_recorded {
            return Err(Fail::machine("a change without an event", std::io::Error::other("no event")));
        }
        self.edge.take().map_or(Ok(()), |edge| edge.close(self.db))
    }
}

/// Writes an event; two events of one moment may draw the same id once in four million,
/// so a taken id is not an accident but a reason to draw again.
fn add_event(db: &mut Db<'_>, event: &mut ledger::Event) -> Result<(), Fail> {
    match ledger::add_event(db, event) {
        Err(StoreError::Taken) if db.is_sqlite() => {
            event.id = Id(event.id.0 ^ i64::from(rand::bits()? & 0x3F_FFFF));
            Ok(ledger::add_event(db, event)?)
        }
        other => Ok(other?),
    }
}
