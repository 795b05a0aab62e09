//! Names in the brackets of filters and functions that stand for nothing. Comes in: a filter or function
//! for the engine. Goes out: the same, which refuses them. The engine hands them on as if nothing had
//! been written, so that 筛选(状态=已整改), for want of quotation marks, would keep no row.

use minijinja::functions::Function;
use minijinja::value::{
    FunctionArgs, FunctionResult, Kwargs, Rest, Value, ValueKind, ValueOrKwargs, from_args,
};
use minijinja::{Environment, Error, State};

use super::fault;
use crate::compose::objects::List;

/// Adds a filter; what stands before its bar is its own business.
pub fn add_filter<F, Rv, Args>(environment: &mut Environment<'_>, name: &'static str, filter: F)
where
    F: Function<Rv, Args>,
    Rv: FunctionResult,
    Args: for<'a> FunctionArgs<'a>,
{
    environment.add_filter(name, checked(Value::from_function(filter), 1));
}

/// Adds a function.
pub fn add_function<F, Rv, Args>(environment: &mut Environment<'_>, name: &'static str, function: F)
where
    F: Function<Rv, Args>,
    Rv: FunctionResult,
    Args: for<'a> FunctionArgs<'a>,
{
    environment.add_function(name, checked(Value::from_function(function), 0));
}

/// Looks at the arguments from `first` on before it calls.
fn checked(
    function: Value,
    first: usize,
) -> impl Fn(&mut State<'_, '_>, Rest<ValueOrKwargs>) -> Result<Value, Error> + Send + Sync + 'static
{
    move |state, arguments| {
        let arguments = arguments.into_values();
        check(arguments.get(first..).unwrap_or_default())?;
        function.call(state, &arguments)
    }
}

/// Looks at what is written in the brackets of a call.
fn check(arguments: &[Value]) -> Result<(), Error> {
    const CURE: &str = "没有对应的值；要写的是文字，就加上引号";
    let (places, options) = from_args::<(&[Value], Kwargs)>(arguments)?;
    if let Some(index) = places.iter().position(stands_for_nothing) {
        let place = index + 1;
        return Err(fault(format!("括号里的第{place}项是名称，{CURE}")));
    }
    for name in options.args() {
        if stands_for_nothing(&options.peek(name)?) {
            return Err(fault(format!("“{name}=”后面是名称，{CURE}")));
        }
    }
    Ok(())
}

/// Whether a name stands for nothing, or one in a list that is written out.
fn stands_for_nothing(value: &Value) -> bool {
    let is_written_out =
        value.kind() == ValueKind::Seq && value.downcast_object_ref::<List>().is_none();
    value.is_undefined()
        || (is_written_out
            && value
                .try_iter()
                .is_ok_and(|mut items| items.any(|item| item.is_undefined())))
}
