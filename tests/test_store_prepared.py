"""Statements made ready once say what SQLAlchemy would."""

from sqlalchemy import Integer, bindparam, create_engine, select

from monitor.store.prepared import execute


def test_a_statement_with_one_parameter_is_said_like_any_other() -> None:
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            rows = execute(connection, select(bindparam("told", type_=Integer)), [{"told": 7}]).all()
    finally:
        engine.dispose()
    assert [tuple(row) for row in rows] == [(7,)]
