"""The outbox as an asset: what should exist in QuickBooks, derived after each build, ready to be pushed."""

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    Config,
    MaterializeResult,
    asset,
)
from pydantic import Field

from qbo_pipeline.orchestration.installation import WAREHOUSE_POOL, Installation
from qbo_pipeline.orchestration.model_assets import OUTBOUND_KEY
from qbo_pipeline.orchestration.ownership import OWNERS

INTENT_OP = "outbound__intent"
INTENT_KEY = AssetKey(["outbound", "intent"])
_WAS_DERIVED = AssetCheckSpec(
    name="every_business_entity_was_derived",
    asset=INTENT_KEY,
    description="Names each connection of a business entity whose outbox could not be brought up to its sources, and why.",
)


class IntentConfig(Config):
    """What a derivation takes in besides what is new."""

    update_keys: list[str] = Field(default=[], description="Pushed intents whose later changes are to be pushed too.")


@asset(
    key=INTENT_KEY,
    deps=[OUTBOUND_KEY],
    group_name="outbound",
    owners=OWNERS,
    kinds={"python"},
    op_tags={"kind": "sql"},
    pool=WAREHOUSE_POOL,
    check_specs=[_WAS_DERIVED],
    description="What must happen in QuickBooks, kept in the state store's outbox: documents, the names they need, voids.",
)
def intents(context: AssetExecutionContext, config: IntentConfig, installation: Installation) -> MaterializeResult:
    """Bring every outbox up to what should exist."""
    from qbo_pipeline.outbound.deriving import derive  # noqa: PLC0415 - loaded by a run

    with installation.state() as store, installation.warehouse().connect("derive what should exist") as connection:
        derived = [
            derive(store, connection, each, update_keys=config.update_keys)
            for each in store.connections.all()
            if each.is_active and each.business_entity_id
        ]
    problems = {each.connection: each.problem for each in derived if each.problem}
    for each in derived:
        context.log.info("%s: %s", each.connection, each.problem or each.told)
    counts = {
        name: sum(getattr(each.intended, name).total() for each in derived)
        for name in ("new", "changed", "updated", "ended", "withdrawn", "drift", "skipped")
    }
    found = sum(each.history.linked for each in derived if each.history)
    return MaterializeResult(
        metadata=counts | {"found_in_the_books": found, "companies": len(derived)},
        check_results=[
            AssetCheckResult(
                check_name=_WAS_DERIVED.name,
                passed=not problems,
                severity=AssetCheckSeverity.ERROR,
                metadata={name: problem or "" for name, problem in problems.items()},
            )
        ],
    )
