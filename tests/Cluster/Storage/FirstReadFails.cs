using System.Reflection;
using System.Runtime.ExceptionServices;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>The real store, but of all its observer sessions the first reading times out.</summary>
internal class FirstReadFails : DispatchProxy
{
    private object _target = null!;
    private StrongBox _hasFailed = null!;

    public static IClusterStore Of(IClusterStore store) => Of(store, new StrongBox());

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        if (method!.Name == nameof(IObserverSession.Read) && !_hasFailed.Value)
        {
            _hasFailed.Value = true;
            throw new TimeoutException("The first reading of a test.");
        }

        try
        {
            var result = method.Invoke(_target, arguments);
            return result is IObserverSession session ? Of(session, _hasFailed) : result;
        }
        catch (TargetInvocationException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
            throw;
        }
    }

    private static T Of<T>(T target, StrongBox hasFailed)
        where T : class
    {
        var made = Create<T, FirstReadFails>();
        var proxy = (FirstReadFails)(object)made;
        (proxy._target, proxy._hasFailed) = (target, hasFailed);
        return made;
    }

    private sealed class StrongBox
    {
        public bool Value { get; set; }
    }
}
