using System.Reflection;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>Passes everything on to a journal and counts what is read, whatever reads there will be.</summary>
public class CountingJournal : DispatchProxy
{
    private IJournal _journal = null!;
    private int _recoveries;
    private int _heads;

    /// <summary>Entities whose past was read.</summary>
    public int Recoveries => _recoveries;

    /// <summary>Shards whose head was read.</summary>
    public int Heads => _heads;

    public static (IJournal Journal, CountingJournal Count) Around(IJournal journal)
    {
        var proxy = Create<IJournal, CountingJournal>();
        var count = (CountingJournal)(object)proxy;
        count._journal = journal;
        return (proxy, count);
    }

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        switch (method!.Name)
        {
            case nameof(IJournal.RecoverAsync):
                Interlocked.Increment(ref _recoveries);
                break;
            case nameof(IJournal.ReadHeadAsync):
                Interlocked.Increment(ref _heads);
                break;
        }

        return method.Invoke(_journal, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }
}
