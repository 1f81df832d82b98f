using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Reports;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Regions;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting.Drills;

/// <summary>
/// The node that a drill is about: ends or pauses its own process, if it was started with leave to. It does so a moment after it has answered, so that
/// whoever asked knows when to start the clock.
/// </summary>
internal sealed partial class DrillTopic(AkkaScaleOptions options, TimeProvider time, ILogger<DrillTopic> logger) : INodeTopic
{
    public const string Topic = "node/drill";

    private static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(100);

    private int _isUnderWay;

    public string Name => Topic;

    /// <summary>What is done to the process; a test puts something harmless here.</summary>
    public Action<DrillOrder> CarryOut { get; init; } = order =>
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

    public Task<byte[]> AnswerAsync(NodeSession session, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var order = JsonSerializer.Deserialize(body.Span, DrillJson.Default.DrillOrder) ?? throw new QuestionRefusedException("An order was expected.");
        return Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(Answer(order), DrillJson.Default.DrillReadiness));
    }

    internal DrillReadiness Answer(DrillOrder order)
    {
        if (!options.Node.AllowDrills)
        {
            throw new QuestionRefusedException(
                $"Node {options.Node.Name} was not started with leave for drills: set Node:AllowDrills to true there and restart it.");
        }

        if (!OperatingSystem.IsLinux() && order.Kind == DrillKind.Pause)
        {
            throw new QuestionRefusedException("This system cannot pause a process: a drill can only kill here.");
        }

        if (order.IsReal)
        {
            if (Interlocked.Exchange(ref _isUnderWay, 1) == 1)
            {
                throw new QuestionRefusedException($"A drill of node {options.Node.Name} is under way already.");
            }

            LogDrill(logger, order.Kind, order.By, order.Reason);
            _ = CarryOutAsync(order);
        }

        return new DrillReadiness(
            Environment.ProcessId, options.Node.HasRole(MemberSnapshot.GatewayRole) ? options.Node.GatewayBind : null, Notice.TotalSeconds);
    }

    private async Task CarryOutAsync(DrillOrder order)
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
            ["-c", "kill -STOP \"$0\"; sleep \"$1\"; kill -CONT \"$0\"", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), seconds.ToString("0.###", CultureInfo.InvariantCulture)]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Drill: {Kind} of this process, ordered by {By}: {Reason}")]
    private static partial void LogDrill(ILogger logger, DrillKind kind, string by, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The drill could not be carried out: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
