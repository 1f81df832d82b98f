using AkkaScale.Management.Logs;
using AkkaScale.Management.Nodes;
using AkkaScale.Tests.Unit.Doctor;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Tests.Unit.Management;

public sealed class ManagementMessageTests
{
    private readonly ManagementMessageSerializer _serializer = new(null!);

    [Fact]
    public void Every_message_comes_back_as_it_went()
    {
        IManagementMessage[] messages =
        [
            new AskReport(), new ReportAnswer(Patient.Report(1)), new OrderDrill(DrillKind.Pause, 2.5, IsReal: true, "r", "b"),
            new DrillReadiness("no", null, 0), new AskLog(7, LogLevel.Warning, 10),
            new LogAnswer([new LoggedEntry(8, Patient.Now, LogLevel.Error, "AkkaScale.X", "it broke", "why")], 9, 1),
            new OrderLogLevel("AkkaScale", LogLevel.Debug, 60, IsReset: false, "r", "b"), new LogLevelState("AkkaScale", LogLevel.Debug, Patient.Now),
        ];

        // A new message comes with a line in the serializer and with one here.
        Assert.Equal(
            typeof(IManagementMessage).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IManagementMessage)) && !type.IsInterface).ToHashSet(),
            messages.Select(message => message.GetType()).ToHashSet());
        Assert.All(messages, message =>
        {
            var manifest = _serializer.Manifest(message);
            var bytes = _serializer.ToBinary(message);
            var back = _serializer.FromBinary(bytes, manifest);
            Assert.Equal(message.GetType(), back.GetType());
            Assert.Equal(bytes, _serializer.ToBinary(back));
        });
        Assert.Equal(DrillKind.Pause, ((OrderDrill)_serializer.FromBinary(_serializer.ToBinary(messages[2]), "order-drill")).Kind);
    }
}
