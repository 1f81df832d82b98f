using System.Globalization;
using AkkaScale.Pbm;
using AkkaScale.Pbm.Terminal;

// Scripts read what it prints: numbers and times are the same whatever the machine's language.
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
BackgroundProcess.KeepRunning();
return await PbmProgram.RunAsync(args).ConfigureAwait(false);
