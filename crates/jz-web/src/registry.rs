//! Every route with the right it needs. What is not here is refused.
//!
//! A test holds this table against the API document in both directions, and calls each
//! route as each role over HTTP.

use jz_app::place::Kind;
use jz_domain::identity::Action;

/// What a route is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Anybody may call it, also without a session.
    Public,
    /// Something of the whole house, or a list that the use case trims to the scope.
    House,
    /// The thing whose id is the first parameter of the path.
    Thing(Kind),
}

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// Method in upper case.
    pub method: &'static str,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// The right it needs.
    pub action: Action,
    /// What it is about.
    pub about: About,
}

const fn house(method: &'static str, path: &'static str, action: Action) -> Route {
    Route { method, path, action, about: About::House }
}
const fn public(method: &'static str, path: &'static str) -> Route {
    Route { method, path, action: Action::SelfService, about: About::Public }
}
const fn thing(method: &'static str, path: &'static str, action: Action, kind: Kind) -> Route {
    Route { method, path, action, about: About::Thing(kind) }
}

/// All routes.
#[rustfmt::skip]
pub static ROUTES: &[Route] = &[
    public("GET",    "/api/v1/setup"),
    public("POST",   "/api/v1/setup"),
    public("POST",   "/api/v1/session"),
    house("DELETE",  "/api/v1/session", Action::SelfService),
    house("GET",     "/api/v1/me", Action::SelfService),
    house("POST",    "/api/v1/me/password", Action::SelfService),
    house("GET",     "/api/v1/accounts", Action::AccountRead),
    house("POST",    "/api/v1/accounts", Action::AccountManage),
    house("PATCH",   "/api/v1/accounts/{account}", Action::AccountManage),
    house("POST",    "/api/v1/accounts/{account}/password", Action::AccountManage),
    house("POST",    "/api/v1/accounts/{account}/roles", Action::RoleGrant),
    house("DELETE",  "/api/v1/accounts/{account}/roles/{grant}", Action::RoleGrant),
    house("POST",    "/api/v1/ledger/search", Action::LedgerRead),
    house("GET",     "/api/v1/ledger/status", Action::SelfService),
    house("POST",    "/api/v1/ledger/verify", Action::LedgerVerify),
    house("GET",     "/api/v1/ledger/checkpoint", Action::SelfService),
    house("GET",     "/api/v1/ledger/offline", Action::SelfService),
    house("GET",     "/api/v1/ledger/entries/{seq}/receipt", Action::LedgerRead),
    house("GET",     "/api/v1/ledger/daily", Action::SelfService),
    house("POST",    "/api/v1/ledger/daily/check", Action::SelfService),
    house("GET",     "/api/v1/orgs", Action::OrgRead),
    house("POST",    "/api/v1/orgs", Action::OrgEdit),
    thing("PATCH",   "/api/v1/orgs/{org}", Action::OrgEdit, Kind::Org),
    house("POST",    "/api/v1/persons/search", Action::PersonList),
    house("POST",    "/api/v1/persons", Action::PersonEdit),
    thing("GET",     "/api/v1/persons/{person}", Action::PersonRead, Kind::Person),
    thing("PATCH",   "/api/v1/persons/{person}", Action::PersonEdit, Kind::Person),
    thing("POST",    "/api/v1/persons/{person}/reveal", Action::PersonReveal, Kind::Person),
    thing("GET",     "/api/v1/persons/{person}/history", Action::PersonHistory, Kind::Person),
    thing("GET",     "/api/v1/persons/{person}/looks", Action::PersonLooks, Kind::Person),
    thing("GET",     "/api/v1/persons/{person}/looks/{seq}/receipt", Action::PersonLooks, Kind::Person),
    thing("GET",     "/api/v1/pages/{page}", Action::PageView, Kind::Page),
    thing("PUT",     "/api/v1/pages/{page}/text", Action::PageCorrect, Kind::Page),
    thing("GET",     "/api/v1/pages/{page}/thumb", Action::PageView, Kind::Page),
    thing("GET",     "/iiif/3/{page}", Action::PageView, Kind::Page),
    thing("GET",     "/iiif/3/{page}/info.json", Action::PageView, Kind::Page),
    thing("GET",     "/iiif/3/{page}/{region}/{size}/{rotation}/{file}", Action::PageView, Kind::Page),
    thing("GET",     "/iiif/presentation/3/{volume}/manifest.json", Action::VolumeRead, Kind::Volume),
    house("GET",     "/api/v1/low-confidence", Action::PageCorrect),
    house("POST",    "/api/v1/search", Action::Search),
    house("GET",     "/api/v1/imports", Action::ImportRun),
    house("POST",    "/api/v1/imports", Action::ImportRun),
    house("GET",     "/api/v1/imports/templates/{kind}", Action::ImportRun),
    house("GET",     "/api/v1/imports/{batch}", Action::ImportRun),
    house("GET",     "/api/v1/imports/{batch}/findings", Action::ImportRun),
    house("GET",     "/api/v1/imports/{batch}/changes", Action::ImportRun),
    house("GET",     "/api/v1/imports/{batch}/annotated", Action::ImportRun),
    house("POST",    "/api/v1/imports/{batch}/commit", Action::ImportRun),
    house("POST",    "/api/v1/imports/{batch}/undo", Action::ImportRun),
    house("POST",    "/api/v1/volumes/search", Action::VolumeList),
    house("POST",    "/api/v1/volumes", Action::VolumeEdit),
    thing("GET",     "/api/v1/volumes/{volume}", Action::VolumeRead, Kind::Volume),
    thing("POST",    "/api/v1/volumes/{volume}/catalogue", Action::VolumeEdit, Kind::Volume),
    thing("POST",    "/api/v1/volumes/{volume}/catalogue/undo", Action::VolumeEdit, Kind::Volume),
    thing("GET",     "/api/v1/volumes/{volume}/revisions", Action::VolumeRead, Kind::Volume),
    thing("GET",     "/api/v1/volumes/{volume}/catalogue.pdf", Action::CataloguePrint, Kind::Volume),
    thing("GET",     "/api/v1/volumes/{volume}/catalogue.xlsx", Action::CataloguePrint, Kind::Volume),
    thing("POST",    "/api/v1/materials/{material}/pages", Action::VolumeEdit, Kind::Material),
    house("GET",     "/api/v1/volume-imports", Action::VolumeEdit),
    house("POST",    "/api/v1/volume-imports", Action::VolumeEdit),
    house("GET",     "/api/v1/volume-imports/{batch}", Action::VolumeEdit),
    house("POST",    "/api/v1/volume-imports/{batch}/commit", Action::VolumeEdit),
    house("POST",    "/api/v1/volume-imports/{batch}/undo", Action::VolumeEdit),
    house("GET",     "/api/v1/schemes", Action::SelfService),
    house("GET",     "/api/v1/jobs", Action::JobRead),
    house("POST",    "/api/v1/jobs/{job}/retry", Action::JobManage),
    house("GET",     "/api/v1/events", Action::SelfService),
    house("GET",     "/api/v1/system/doctor", Action::SystemCheck),
];

/// Finds the route of a matched path.
pub fn find(method: &str, path: &str) -> Option<&'static Route> {
    let method = if method == "HEAD" { "GET" } else { method };
    ROUTES.iter().find(|r| r.method == method && r.path == path)
}
