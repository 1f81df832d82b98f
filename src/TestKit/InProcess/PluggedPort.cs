using System.Reflection;
using System.Runtime.ExceptionServices;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.TestKit.InProcess;

/// <summary>A store's port with a plug in it. By reflection, so that a port may grow without this kit.</summary>
internal class PluggedPort<TPort> : DispatchProxy
    where TPort : class
{
    private TPort _port = null!;
    private StorePlug _plug = null!;

    public static TPort Around(TPort port, StorePlug plug)
    {
        var plugged = Create<TPort, PluggedPort<TPort>>();
        ((PluggedPort<TPort>)(object)plugged)._port = port;
        ((PluggedPort<TPort>)(object)plugged)._plug = plug;
        return plugged;
    }

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        // A port without its store must still be disposed, and opened: what comes out of it has the plug in it.
        if (_plug.IsPulled && method!.DeclaringType == typeof(TPort) && !IsOpening(method.ReturnType))
        {
            return StorePlug.Answer(method.ReturnType, arguments!);
        }

        try
        {
            return method!.Invoke(_port, arguments) switch
            {
                ILease lease => PluggedPort<ILease>.Around(lease, _plug),
                IJournalWriter writer => PluggedPort<IJournalWriter>.Around(writer, _plug),
                var answer => answer,
            };
        }
        catch (TargetInvocationException thrown)
        {
            ExceptionDispatchInfo.Throw(thrown.InnerException!);
            throw;
        }
    }

    private static bool IsOpening(Type returned) => returned == typeof(ILease) || returned == typeof(IJournalWriter);
}
