using System.Diagnostics;
using System.Globalization;
using AkkaScale.Management.Reports;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Nodes;

/// <summary>
/// The node that a drill is about: ends or pauses its own process, if it was started with leave to. It does so a moment after it has answered, so that
/// whoever asked knows when to start the clock.
/// </summary>
internal sealed partial class NodeDrill(NodeSettings settings, TimeProvider time, ILogger<NodeDrill> logger)
{
    private static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(100);

    private int _isUnderWay;

    /// <summary>What is done to the process; a test puts something harmless here.</summary>
    public Action<OrderDrill> CarryOut { get; init; } = order =>
    {
        if (order.Kind == DrillKind.Kill)
        {
            Process.GetCurrentProcess().Kill();
        }
        else
        {
            Pause(order.Seconds);
        }
    };

    public DrillReadiness Answer(OrderDrill order)
    {
        if (!settings.AllowDrills)
        {
            return Refuse($"Node {settings.Name} was not started with leave for drills: set Node:AllowDrills to true there and restart it.");
        }

        if (!OperatingSystem.IsLinux() && order.Kind == DrillKind.Pause)
        {
            return Refuse("This system cannot pause a process: a drill can only kill here.");
        }

        if (order.IsReal)
        {
            if (Interlocked.Exchange(ref _isUnderWay, 1) == 1)
            {
                return Refuse($"A drill of node {settings.Name} is under way already.");
            }

            LogDrill(logger, order.Kind, order.By, order.Reason);
            _ = CarryOutAsync(order);
        }

        return new DrillReadiness(null, settings.GatewayBind, Notice.TotalSeconds);
    }

    private static DrillReadiness Refuse(string why) => new(why, null, 0);

    private async Task CarryOutAsync(OrderDrill order)
    {
        try
        {
            await Task.Delay(Notice, time);
            CarryOut(order);

            // Only a pause gets here, and only once it is over: the shell that stopped this process is also who lets it go on.
            await Task.Delay(TimeSpan.FromSeconds(order.Kind == DrillKind.Pause ? order.Seconds : 0), time);
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            LogFailed(logger, failure.Message);
        }
        finally
        {
            Volatile.Write(ref _isUnderWay, 0);
        }
    }

    /// <summary>A process that is stopped cannot let itself go on, so a shell does both.</summary>
    private static void Pause(double seconds)
    {
        using var shell = Process.Start(
            "/bin/sh",
            [
                "-c", "kill -STOP \"$0\"; sleep \"$1\"; kill -CONT \"$0\"", Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
                seconds.ToString("0.###", CultureInfo.InvariantCulture),
            ]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Drill: {Kind} of this process, ordered by {By}: {Reason}")]
    private static partial void LogDrill(ILogger logger, DrillKind kind, string by, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The drill could not be carried out: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
